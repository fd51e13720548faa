<?php
// install.php FOLDER: an empty blog with a theme and somebody who writes in it; prints who, as JSON.
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = 'localhost';
$_SERVER['REQUEST_METHOD'] = 'GET';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
require $argv[1] . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

add_filter('pre_wp_mail', '__return_true');
wp_install('Foro del pan', 'writer', 'writer@blog.example', true, '', 'password-of-writer', 'en_US');
update_option('permalink_structure', '/%postname%/');
switch_theme('twentytwentythree');
$writer = get_user_by('login', 'writer');
[$password] = WP_Application_Passwords::create_new_application_password($writer->ID, ['name' => 'tests']);
echo json_encode(['name' => 'writer', 'password' => $password]);
